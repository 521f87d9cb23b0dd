// tries: to fill shared memory
// must: dies alone
function lambda() {
  const kept = []
  for (;;) kept.push(new Uint8Array(new SharedArrayBuffer(4 << 20)).fill(1))
}
