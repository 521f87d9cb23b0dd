// tries: to fill the heap
// must: dies alone
function lambda() {
  const kept = []
  for (;;) kept.push({ x: [1, 2, 3] })
}
