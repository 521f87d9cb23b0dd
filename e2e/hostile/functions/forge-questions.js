// tries: to ask the platform through the pipe without a key, as a running call
// must: dies alone
function lambda() {
  const body = Buffer.from('\x01\0\0\0{"kind":"secret.read","args":{"key":"secret"}}')
  const frame = Buffer.alloc(21 + body.length)
  frame.writeUInt32LE(17 + body.length, 0)
  frame[4] = 21
  frame.writeUInt32LE(1, 5)
  frame.set(body, 21)
  process.getBuiltinModule('fs').writeSync(1, frame)
  while (true);
}
