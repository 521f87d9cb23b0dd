/** What needs decoding. Most queries of machines have none of it. */
const ENCODED = /[%+]/

/** Published clients send what they do not know as empty strings, so an empty value counts as absent. */
export function parseQuery(text: string): Record<string, string | string[]> {
  const values: Record<string, string | string[]> = Object.create(null)
  for (const [name, value] of ENCODED.test(text) ? new URLSearchParams(text) : plainPairs(text)) {
    if (value === '') continue
    const before = values[name]
    if (before === undefined) values[name] = value
    else if (Array.isArray(before)) before.push(value)
    else values[name] = [before, value]
  }
  return values
}

function plainPairs(text: string): [name: string, value: string][] {
  return text.split('&').map((pair) => {
    const mark = pair.indexOf('=')
    return mark < 0 ? [pair, ''] : [pair.slice(0, mark), pair.slice(mark + 1)]
  })
}
