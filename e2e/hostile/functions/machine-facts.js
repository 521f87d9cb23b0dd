// tries: to learn about the machine
// must: refused
const attempts = [
  async () => Deno.hostname(),
  async () => Deno.networkInterfaces().length,
  async () => Deno.osRelease(),
  // What `os` answers is about the instance.
  async () => named(require('os').hostname(), 'function'),
  async () => named(require('os').userInfo().username, 'function'),
  async () => named(require('os').release(), ''),
  async () => named(require('os').version(), ''),
  async () => named(require('os').cpus()[0].model, ''),
  async () => Object.keys(require('os').networkInterfaces()).length || undefined,
]
const named = (got, ofInstance) => (got === ofInstance ? undefined : got)
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
