// tries: to fill memory with strings
// must: dies alone
function lambda() {
  const kept = []
  for (let text = 'x'; ; text += text.slice(0, 1e6)) kept.push(JSON.parse(JSON.stringify(text + kept.length)))
}
