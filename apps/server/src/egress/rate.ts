/** At most `perSecond` in any sliding second. */
export function rateLimit(perSecond: number): (now: number) => boolean {
  let recent: number[] = []
  return (now) => {
    recent = recent.filter((at) => now - at < 1_000)
    if (recent.length >= perSecond) return false
    recent.push(now)
    return true
  }
}
