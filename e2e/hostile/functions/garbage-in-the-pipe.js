// tries: to confuse the server with bytes of its own
// must: dies alone
function lambda() {
  process.getBuiltinModule('fs').writeSync(1, Buffer.alloc(1000, 255))
  while (true);
}
