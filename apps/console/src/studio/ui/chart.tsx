import type { ReactNode } from 'react'

export interface Series {
  name: string
  /** Colour and pattern. */
  look: 'first' | 'second' | 'third'
  /** `undefined` where nothing was measured. */
  values: readonly (number | undefined)[]
}

/** Something that happened at one moment of what is shown. */
export interface ChartMark {
  /** From 0 at the first moment to 1 at the last one. */
  place: number
  text: string
}

interface Props {
  title: string
  /** What the picture says, for those who do not see it. */
  summary: string
  kind: 'bars' | 'lines'
  series: readonly Series[]
  /** Of the first and the last place. */
  ends: readonly [string, string]
  format: (value: number) => string
  marks?: readonly ChartMark[]
  /** The same as a table. */
  children: ReactNode
}

const WIDTH = 600
const HEIGHT = 140
const WAY = { first: undefined, second: '6 3', third: '2 3' }

/** Values over time: bars upon each other, or lines. What it shows is told in words and as a table, too. */
export function Chart({ title, summary, kind, series, ends, format, marks = [], children }: Props) {
  const count = series[0]?.values.length ?? 0
  const most = highest(kind, series)
  return (
    <figure className="chart" aria-label={title}>
      <figcaption>
        <h2>{title}</h2>
        <p className="faint">{summary}</p>
        <ul className="legend">
          {series.map(({ name, look }) => (
            <li key={name}>
              <svg width="22" height="10" aria-hidden>
                {kind === 'bars' ? (
                  <rect width="22" height="10" className={look} />
                ) : (
                  <line x1="0" x2="22" y1="5" y2="5" className={look} strokeDasharray={WAY[look]} />
                )}
              </svg>
              {name}
            </li>
          ))}
        </ul>
      </figcaption>
      <div className="plot">
        <span className="faint most">{format(most)}</span>
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={summary}
        >
          <Hatch />
          {kind === 'bars' ? (
            <Bars series={series} count={count} most={most} />
          ) : (
            series.map((one) => (
              <path
                key={one.name}
                className={one.look}
                d={pathOf(one.values, count, most)}
                strokeDasharray={WAY[one.look]}
                vectorEffect="non-scaling-stroke"
              />
            ))
          )}
          {marks.map(({ place, text }) => (
            <line
              key={text}
              className="mark"
              x1={place * WIDTH}
              x2={place * WIDTH}
              y1="0"
              y2={HEIGHT}
              vectorEffect="non-scaling-stroke"
            >
              <title>{text}</title>
            </line>
          ))}
        </svg>
        <span className="ends faint">
          <span>{ends[0]}</span>
          <span>{ends[1]}</span>
        </span>
      </div>
      {marks.length > 0 && (
        <ul className="marks faint">
          {marks.map(({ text }) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
      {children}
    </figure>
  )
}

/** What failed differs from the rest by more than its colour. */
function Hatch() {
  return (
    <defs>
      <pattern
        id="hatch"
        width="4"
        height="4"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <rect width="4" height="4" className="hatch-ground" />
        <line x1="0" x2="0" y1="0" y2="4" className="hatch-line" />
      </pattern>
    </defs>
  )
}

function Bars({ series, count, most }: { series: readonly Series[]; count: number; most: number }) {
  const step = WIDTH / Math.max(1, count)
  return Array.from({ length: count }, (_, index) => {
    let below = 0
    return series.map(({ name, look, values }) => {
      const height = ((values[index] ?? 0) / most) * HEIGHT
      below += height
      return height === 0 ? null : (
        <rect
          key={`${name}-${index}`}
          className={look}
          x={index * step + step * 0.1}
          y={HEIGHT - below}
          width={step * 0.8}
          height={height}
        />
      )
    })
  })
}

function highest(kind: Props['kind'], series: readonly Series[]): number {
  const [first] = series
  const all =
    kind === 'lines'
      ? series.flatMap(({ values }) => values)
      : (first?.values ?? []).map((_, index) =>
          series.reduce((sum, { values }) => sum + (values[index] ?? 0), 0),
        )
  return Math.max(1, ...all.map((value) => value ?? 0))
}

/** Broken where nothing was measured; one value alone is a short line. */
function pathOf(values: Series['values'], count: number, most: number): string {
  const step = WIDTH / Math.max(1, count)
  let isOpen = false
  return values
    .map((value, index) => {
      if (value === undefined) {
        isOpen = false
        return ''
      }
      const [x, y] = [index * step + step * 0.2, HEIGHT - (value / most) * (HEIGHT - 4)]
      const begin = isOpen ? 'L' : 'M'
      isOpen = true
      return `${begin}${x} ${y}h${step * 0.6}`
    })
    .join('')
}
