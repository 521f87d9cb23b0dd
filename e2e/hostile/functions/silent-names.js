// tries: to keep the look-ups of others waiting, with names about which no server answers
// must: refused
async function lambda() {
  const names = Array.from({ length: 18 }, (_, n) => `name-${n}.silent.test`)
  const one = (name) => fetch(`http://${name}/`).then((r) => r.status, (e) => e.cause?.statusCode)
  const answers = await Promise.all(names.map(one))
  return { escaped: answers.filter((status) => status !== 502) }
}
