// tries: to ask the platform through the pipe without a key, as the instance
// must: dies alone
async function lambda() {
  const body = Buffer.from('\x01\0\0\0{"kind":"secret.read","args":{"key":"secret"}}')
  const frame = Buffer.alloc(21 + body.length)
  frame.writeUInt32LE(17 + body.length, 0)
  frame[4] = 21
  frame.set(body, 21)
  for (;;) {
    process.getBuiltinModule('fs').writeSync(1, frame)
    await new Promise((done) => setTimeout(done, 1))
  }
}
