import { invalid } from '#base/kernel'

/**
 * What an agent typed after the command's name, as arguments: white space separates them, double quotes hold together what
 * has white space, and two of them are an empty argument (`spec/bots.md` 5).
 * @throws ParleyError `invalid_request` when a quote is not closed
 */
export function splitArguments(text: string): string[] {
  const found: string[] = []
  let argument: string | undefined
  let isQuoted = false
  for (const character of text) {
    if (character === '"') {
      isQuoted = !isQuoted
      argument ??= ''
    } else if (!isQuoted && /\s/.test(character)) {
      if (argument !== undefined) found.push(argument)
      argument = undefined
    } else {
      argument = (argument ?? '') + character
    }
  }
  if (isQuoted) {
    throw invalid('body.text', 'a double quote is opened and not closed')
  }
  return argument === undefined ? found : [...found, argument]
}
