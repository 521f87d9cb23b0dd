// tries: to fill memory outside the heap
// must: dies alone
function lambda() {
  const kept = []
  for (;;) kept.push(Buffer.alloc(4 << 20, 1))
}
