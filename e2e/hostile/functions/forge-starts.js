// tries: to look just started, so that it is never stopped when idle
// must: dies alone
async function lambda() {
  const frame = Buffer.alloc(21)
  frame.writeUInt32LE(17, 0)
  frame[4] = 16
  for (;;) {
    process.getBuiltinModule('fs').writeSync(1, frame)
    await new Promise((done) => setTimeout(done, 5))
  }
}
