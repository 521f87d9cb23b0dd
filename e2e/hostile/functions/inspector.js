// tries: to open the debugger
// must: refused or dies alone
const attempts = [
  async () => (process.getBuiltinModule('inspector').open(0), process.getBuiltinModule('inspector').url()),
  async () => (process.getBuiltinModule('v8').writeHeapSnapshot('/tmp/hostile.heap'), 'written'),
  async () => (process.report.writeReport('/tmp/hostile.json'), 'written'),
]
async function lambda() {
  const escaped = []
  for (const attempt of attempts) {
    try {
      const got = await attempt()
      if (got !== undefined) escaped.push(String(got).slice(0, 100))
    } catch {}
  }
  return { escaped }
}
