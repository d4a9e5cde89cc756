// One sandbox of a Lambda: loads the built bundle of its folder and answers the events that its parent sends, one at a
// time. What the bundle prints goes to the parent as the function's log.
const { handler } = require(`${process.cwd()}/index.js`);

process.on('message', async ({ event, timeoutMs }) => {
  const endMs = Date.now() + timeoutMs;
  const context = { getRemainingTimeInMillis: () => endMs - Date.now() };
  try {
    process.send({ payload: JSON.stringify((await handler(event, context)) ?? null) });
  } catch (error) {
    const { name, message, stack } = error;
    process.send({
      payload: JSON.stringify({ errorType: name, errorMessage: message, trace: stack.split('\n') }),
      failed: true,
    });
  }
});
process.on('disconnect', () => process.exit());
