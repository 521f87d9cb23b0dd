// tries: to read files of the machine, by every API
// must: refused
const attempts = [
  async () => (await import('node:fs')).readFileSync('/etc/passwd', 'utf8'),
  async () => process.getBuiltinModule('fs').readFileSync('/etc/hostname', 'utf8'),
  async () => Deno.readTextFileSync('/etc/passwd'),
  async () => (await import('node:fs/promises')).readdir('/'),
  async () => (await import('node:fs')).existsSync('/etc/passwd') || undefined,
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
