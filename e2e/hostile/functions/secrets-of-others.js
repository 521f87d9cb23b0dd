// tries: to read secrets in the name of another account
// must: refused
const attempts = [
  async () => require('lp-faas-toolbelt').Toolbelt.SecretClient().readSecret('other/secret').then((s) => s.value),
  async () => (process.env.BRAND_ID = 'other', require('lp-faas-toolbelt').Toolbelt.SecretClient().readSecret('secret').then((s) => s.value)),
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
