/** Instants as this API writes them, twice: in words and in milliseconds. */
export function written(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').replace('Z', '+0000')
}

/** `time` and `timeL`, or the same with a longer name. */
export function instant(at: number): { time: string; timeL: number } {
  return { time: written(at), timeL: at }
}

export const UNDEFINED = 'undefined'
