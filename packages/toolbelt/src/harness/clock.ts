const SystemDate = Date
const systemNow = Date.now
let offset = 0
let installed = false
let seenAs: (at: number) => number = (at) => at

/** Domain time, for the harness. */
export function now(): number {
  return systemNow() + offset
}

/** Time as customer code sees it: domain time, or in a replay what it was. */
function seen(): number {
  return seenAs(now())
}

/** Every reading of the clock by customer code goes through `as`. */
export function watchClock(as: (at: number) => number): void {
  seenAs = as
  if (!installed) install()
}

/** Makes everything that tells the time follow the platform's clock. Leaves it alone while that is the system's clock. */
export function setClockOffset(ms: number): void {
  offset = ms
  if (ms !== 0 && !installed) install()
}

function install(): void {
  installed = true
  installDate()
  installFormats()
  installTemporal()
  installOrigin()
}

function define(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, writable: true, configurable: true })
}

function installDate(): void {
  function PlatformDate(this: unknown, ...parts: unknown[]): unknown {
    if (!new.target) return new SystemDate(seen()).toString()
    return Reflect.construct(SystemDate, parts.length === 0 ? [seen()] : parts, new.target)
  }
  Object.defineProperty(PlatformDate, 'name', { value: 'Date' })
  Object.defineProperty(PlatformDate, 'length', { value: 7 })
  PlatformDate.prototype = SystemDate.prototype
  PlatformDate.now = seen
  PlatformDate.parse = SystemDate.parse
  PlatformDate.UTC = SystemDate.UTC
  define(SystemDate.prototype, 'constructor', PlatformDate)
  define(globalThis, 'Date', PlatformDate)
}

/** Formats of dates take the time when they are given none. */
function installFormats(): void {
  const { prototype } = Intl.DateTimeFormat
  const { formatToParts } = prototype
  const format = Object.getOwnPropertyDescriptor(prototype, 'format')?.get
  if (!format) return
  Object.defineProperty(prototype, 'format', {
    configurable: true,
    get(this: Intl.DateTimeFormat) {
      const bound = Reflect.apply(format, this, []) as Intl.DateTimeFormat['format']
      return (date: Parameters<Intl.DateTimeFormat['format']>[0]) => bound(date ?? seen())
    },
  })
  define(
    prototype,
    'formatToParts',
    function (this: Intl.DateTimeFormat, date?: Parameters<typeof formatToParts>[0]) {
      return Reflect.apply(formatToParts, this, [date ?? seen()])
    },
  )
}

interface TemporalInstant {
  toZonedDateTimeISO(zone: unknown): Record<`toPlain${'DateTime' | 'Date' | 'Time'}`, () => unknown>
}

interface TemporalNamespace {
  Now: { timeZoneId(): string }
  Instant: { fromEpochMilliseconds(ms: number): TemporalInstant }
}

function installTemporal(): void {
  const { Temporal } = globalThis as unknown as { Temporal?: TemporalNamespace }
  if (!Temporal) return
  const { Now, Instant } = Temporal
  const instant = () => Instant.fromEpochMilliseconds(seen())
  const zoned = (zone: unknown = Now.timeZoneId()) => instant().toZonedDateTimeISO(zone)
  define(Now, 'instant', instant)
  define(Now, 'zonedDateTimeISO', zoned)
  define(Now, 'plainDateTimeISO', (zone?: unknown) => zoned(zone).toPlainDateTime())
  define(Now, 'plainDateISO', (zone?: unknown) => zoned(zone).toPlainDate())
  define(Now, 'plainTimeISO', (zone?: unknown) => zoned(zone).toPlainTime())
}

/** `performance.timeOrigin + performance.now()` is a time, too. */
function installOrigin(): void {
  const origin = performance.timeOrigin
  Object.defineProperty(performance, 'timeOrigin', {
    configurable: true,
    get: () => origin + offset,
  })
}
