// tries: to answer the pings that find a loop, from inside the loop
// must: dies alone
function lambda() {
  const frame = Buffer.alloc(21)
  frame.writeUInt32LE(17, 0)
  frame[4] = 22
  for (;;) process.getBuiltinModule('fs').writeSync(1, frame)
}
