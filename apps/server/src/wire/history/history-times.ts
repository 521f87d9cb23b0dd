/** An instant as this API writes it: `2026-01-01 00:00:00.000+0000`. Most instants are also sent in milliseconds. */
export function written(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').replace('Z', '+0000')
}

/** An instant in both forms. */
export function instant(at: number): { time: string; timeL: number } {
  return { time: written(at), timeL: at }
}

export const UNDEFINED = 'undefined'
