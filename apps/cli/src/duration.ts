const UNIT_MS: Record<string, number> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}
const PART = /(\d{1,9}(?:\.\d{1,3})?)(ms|[smhdw])/y

/** `30m`, `1h30m`, `2d`, `250ms` in milliseconds; `undefined` for what reads otherwise. */
export function durationMs(text: string): number | undefined {
  let ms = 0
  let at = 0
  while (at < text.length) {
    PART.lastIndex = at
    const part = PART.exec(text)
    if (!part) return undefined
    ms += Number(part[1]) * (UNIT_MS[part[2] ?? ''] ?? 0)
    at = PART.lastIndex
  }
  return text === '' ? undefined : Math.round(ms)
}

export const DURATION_RULE = 'such as 30m, 1h30m or 2d (units ms, s, m, h, d, w)'

/** Its two largest units, such as `1d 2h`, `30m` or `0ms`. */
export function durationText(ms: number): string {
  let left = Math.abs(ms)
  const parts: string[] = []
  for (const unit of ['d', 'h', 'm', 's', 'ms']) {
    const of = UNIT_MS[unit] ?? 1
    const count = Math.floor(left / of)
    left -= count * of
    if (count > 0 && parts.length < 2) parts.push(`${count}${unit}`)
  }
  return parts.length === 0 ? '0ms' : parts.join(' ')
}
