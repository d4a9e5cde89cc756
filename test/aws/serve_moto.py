"""moto's server, with what keeps the app from being deployed and the state machine from running in it put right."""

from moto.awslambda.models import LambdaVersion, lambda_backends
from moto.core.common_models import CloudFormationModel
from moto.core.responses import ActionResult, EmptyResult
from moto.glue.responses import GlueResponse
from moto.server import main
from moto.stepfunctions.parser.asl.component.state.exec.state_map.result_writer.result_writer_decl import (
    ResultWriter,
)


def eval_result_writer(self, env):
    """Reads the writer's parameters from the state's input, as AWS does. moto reads them from the map's results."""
    env.stack.append(env.states.get_input())
    self.parargs.eval(env=env)
    parameters = env.stack.pop()
    env.stack.pop()
    env.stack.append(parameters)
    self.resource_eval.eval_resource(env=env)


ResultWriter._eval_body = eval_result_writer


def publish_version(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
    """A reference to a version of a function is its ARN, as on AWS; moto's own version has nothing to refer to."""
    backend = lambda_backends[account_id][region_name]
    function = backend.publish_version(cloudformation_json["Properties"]["FunctionName"])
    version = cls({"Version": function.version})
    version.physical_resource_id = function.function_arn
    return version


LambdaVersion.create_from_cloudformation_json = classmethod(publish_version)


def version_attribute(self, attribute_name):
    """The number of a version, which an alias asks for; moto's own version has no attributes."""
    return str(self.version)


LambdaVersion.has_cfn_attr = classmethod(lambda cls, attr: attr == "Version")
LambdaVersion.get_cfn_attribute = version_attribute


class Alias(CloudFormationModel):
    """An alias of a function, which moto does not create from a stack."""

    # moto takes the service from the module's name.
    __module__ = "moto.awslambda.models"

    def __init__(self, alias):
        self.alias = alias

    @staticmethod
    def cloudformation_type():
        return "AWS::Lambda::Alias"

    @staticmethod
    def cloudformation_name_type():
        return "Name"

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
        properties = cloudformation_json["Properties"]
        backend = lambda_backends[account_id][region_name]
        return cls(
            backend.create_alias(
                properties["Name"], properties["FunctionName"], properties["FunctionVersion"], "", routing_config=None
            )
        )

    @property
    def physical_resource_id(self):
        return self.alias.arn


def get_partition_indexes(self):
    """The indexes that were made. moto itself has no indexes."""
    own = INDEXES.get((self.parameters.get("DatabaseName"), self.parameters.get("TableName")), [])
    return ActionResult({"PartitionIndexDescriptorList": own})


def create_partition_index(self):
    """Keeps the index by its name and keys; moto has no such action."""
    own = INDEXES.setdefault((self.parameters.get("DatabaseName"), self.parameters.get("TableName")), [])
    own.append(self.parameters.get("PartitionIndex"))
    return EmptyResult()


INDEXES = {}
GlueResponse.get_partition_indexes = get_partition_indexes
GlueResponse.create_partition_index = create_partition_index


class Alarm(CloudFormationModel):
    """An alarm of a stack, which moto does not know: it has an ARN, which the dashboard asks for, and never rings."""

    # moto takes the service from the module's name.
    __module__ = "moto.cloudwatch.models"

    def __init__(self, name, region_name, account_id):
        self.name = name
        self.arn = f"arn:aws:cloudwatch:{region_name}:{account_id}:alarm:{name}"

    @staticmethod
    def cloudformation_type():
        return "AWS::CloudWatch::Alarm"

    @staticmethod
    def cloudformation_name_type():
        return "AlarmName"

    @classmethod
    def has_cfn_attr(cls, attr):
        return attr == "Arn"

    def get_cfn_attribute(self, attribute_name):
        return self.arn

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
        return cls(resource_name, region_name, account_id)

    @property
    def physical_resource_id(self):
        return self.name


main()
