// tries: to learn about the machine
// must: refused
const attempts = [
  async () => Deno.hostname(),
  async () => Deno.networkInterfaces().length,
  async () => Deno.osRelease(),
  async () => require('os').hostname(),
  async () => Object.keys(require('os').networkInterfaces()).length || undefined,
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
