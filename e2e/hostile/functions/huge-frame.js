// tries: to make the server keep a huge frame
// must: dies alone
function lambda() {
  const head = Buffer.alloc(4)
  head.writeUInt32LE(2 ** 31, 0)
  process.getBuiltinModule('fs').writeSync(1, head)
  while (true);
}
