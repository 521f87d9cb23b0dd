const SystemDate = Date
const systemNow = Date.now
let offset = 0
let installed = false

/** Domain time as customer code sees it. */
export function now(): number {
  return systemNow() + offset
}

/** Makes `Date` follow the platform's clock. Leaves it alone while that is the system's clock. */
export function setClockOffset(ms: number): void {
  offset = ms
  if (ms !== 0 && !installed) install()
}

function install(): void {
  installed = true
  function PlatformDate(this: unknown, ...parts: unknown[]): unknown {
    if (!new.target) return new SystemDate(now()).toString()
    return Reflect.construct(SystemDate, parts.length === 0 ? [now()] : parts, new.target)
  }
  Object.defineProperty(PlatformDate, 'name', { value: 'Date' })
  Object.defineProperty(PlatformDate, 'length', { value: 7 })
  PlatformDate.prototype = SystemDate.prototype
  PlatformDate.now = now
  PlatformDate.parse = SystemDate.parse
  PlatformDate.UTC = SystemDate.UTC
  Object.defineProperty(SystemDate.prototype, 'constructor', {
    value: PlatformDate,
    writable: true,
    configurable: true,
  })
  Object.defineProperty(globalThis, 'Date', {
    value: PlatformDate,
    writable: true,
    configurable: true,
  })
}
