/**
 * One reading for many askers: those that come while a reading runs are answered together by the next one, and those
 * that ask for the same key share what was read.
 */
export function batchReads<Key, Value>(
  nameOf: (key: Key) => string,
  read: (keys: Key[]) => Promise<Map<string, Value>>,
): (key: Key) => Promise<Value | undefined> {
  let asked = new Map<string, Key>()
  let next: Promise<Map<string, Value>> | undefined
  let running: Promise<unknown> = Promise.resolve()

  function readAsked(): Promise<Map<string, Value>> {
    const keys = [...asked.values()]
    asked = new Map()
    next = undefined
    const reading = read(keys)
    running = reading.catch(() => undefined)
    return reading
  }

  return async (key) => {
    asked.set(nameOf(key), key)
    next ??= running.then(readAsked)
    return (await next).get(nameOf(key))
  }
}
