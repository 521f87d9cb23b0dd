// tries: to change its user or folder
// must: refused
const attempts = [
  async () => (process.setuid(0), 'root'),
  async () => (process.setgid(0), 'root'),
  async () => (process.chdir('/tmp'), 'moved'),
  async () => (Deno.chdir('/tmp'), 'moved'),
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
