const { parse } = JSON
const { isArray } = Array

/**
 * The input of a function with its defaults, or the problem with it, which names the member.
 * @param startedAt the time of an input that names none
 */
export function readInput(
  text: string | undefined,
  startedAt: number,
): { input: unknown } | { problem: string } {
  if (text === undefined) return { problem: 'The body is not valid UTF-8' }
  let input: unknown
  try {
    input = parse(text)
  } catch (error) {
    return { problem: `The body is not JSON: ${error instanceof Error ? error.message : ''}` }
  }
  if (!isMembered(input) || !('payload' in input)) return { problem: 'payload: is missing' }
  input['timestamp'] ??= startedAt
  input['headers'] ??= []
  if (typeof input['timestamp'] !== 'number') return { problem: 'timestamp: must be a number' }
  if (!isHeaderList(input['headers'])) return { problem: 'headers: must be a list of {key, value}' }
  return { input }
}

function isMembered(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !isArray(value)
}

function isHeaderList(value: unknown): boolean {
  return (
    isArray(value) &&
    value.every((entry) => isMembered(entry) && 'key' in entry && 'value' in entry)
  )
}
