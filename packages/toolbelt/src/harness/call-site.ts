import { asyncValue } from './async-value.ts'

/** The place in the author's source that made the current outgoing call. */
const current = asyncValue<string>('site')

/** The position in the author's source that makes an outgoing call; '' when it is unknown. */
export const callSite = (): string => current.get() ?? ''

let site: (error: Error) => string = () => ''

export function findSitesWith(stackOf: (error: Error) => string, sourceName: string): void {
  const position = new RegExp(`${sourceName.replace(/\W/g, '\\$&')}:\\d+:\\d+`)
  site = (error) => position.exec(stackOf(error))?.[0] ?? ''
}

/** The position in the author's source that runs now; '' when none of its frames is on the stack. */
export const placeHere = (): string => site(new Error('site'))

/** Runs `call`. Everything that it starts belongs to the line that made it. */
export function atCallSite<T>(call: () => T): T {
  return current.run(callSite() || placeHere(), call)
}
