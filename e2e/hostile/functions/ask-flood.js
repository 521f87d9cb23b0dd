// tries: to flood the platform with questions
// must: contained
async function lambda() {
  const { Toolbelt } = require('lp-faas-toolbelt')
  const secrets = Toolbelt.SecretClient()
  const answers = await Promise.all(Array.from({ length: 90 }, (_, i) => secrets.readSecret('s' + i).then((s) => s.value, () => undefined)))
  return { escaped: answers.filter(Boolean) }
}
