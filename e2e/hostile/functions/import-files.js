// tries: to load files as modules
// must: refused
const attempts = [
  async () => await import('/etc/passwd'),
  async () => await import('file:///etc/passwd', { with: { type: 'text' } }),
  async () => await import('file:///proc/self/environ', { with: { type: 'json' } }),
  async () => process.getBuiltinModule('module').createRequire('/')('/etc/passwd'),
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
