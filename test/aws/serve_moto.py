"""moto's server, with the one thing put right that keeps the state machine from running in it."""

from moto.server import main
from moto.stepfunctions.parser.asl.component.state.exec.state_map.result_writer.result_writer_decl import (
    ResultWriter,
)


def eval_result_writer(self, env):
    """The writer's parameters are read from the state's input, as AWS does it; moto reads them from the map's results."""
    env.stack.append(env.states.get_input())
    self.parargs.eval(env=env)
    parameters = env.stack.pop()
    env.stack.pop()
    env.stack.append(parameters)
    self.resource_eval.eval_resource(env=env)


ResultWriter._eval_body = eval_result_writer

main()
