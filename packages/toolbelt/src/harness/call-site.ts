import { AsyncLocalStorage } from 'node:async_hooks'

/** Where in the author's source the outgoing call of now was made. */
const storage = new AsyncLocalStorage<string>()
const runIn = storage.run.bind(storage)

/** The position of the author's source that asks for something outside; '' when it cannot be told. */
export const callSite = (): string => storage.getStore() ?? ''

let site: (error: Error) => string = () => ''

export function findSitesWith(stackOf: (error: Error) => string, sourceName: string): void {
  const position = new RegExp(`${sourceName.replace(/\W/g, '\\$&')}:\\d+:\\d+`)
  site = (error) => position.exec(stackOf(error))?.[0] ?? ''
}

/** Runs `call` so that everything it starts knows the line that made it. */
export function atCallSite<T>(call: () => T): T {
  return runIn(callSite() || site(new Error('site')), call)
}
