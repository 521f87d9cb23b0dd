// tries: to answer in the name of another call
// must: dies alone
function lambda() {
  const frame = Buffer.alloc(21 + 6)
  frame.writeUInt32LE(17 + 6, 0)
  frame[4] = 17
  frame.writeUInt32LE(1, 5)
  frame.write('forged', 21)
  const fs = process.getBuiltinModule('fs')
  fs.writeSync(1, frame)
  while (true);
}
