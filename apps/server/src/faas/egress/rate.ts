/** At most `perSecond` in any sliding second. */
export function rateLimit(): (now: number, perSecond: number) => boolean {
  let recent: number[] = []
  return (now, perSecond) => {
    recent = recent.filter((at) => now - at < 1_000)
    if (recent.length >= perSecond) return false
    recent.push(now)
    return true
  }
}
