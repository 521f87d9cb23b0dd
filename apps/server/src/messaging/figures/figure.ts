import type { FigureChannel, FigureMeasure } from '@parley/contract'
import type { FigureInsert } from '#base/store'

/** What is counted: once, at `at`. */
export interface Figure extends FigureInsert {
  channel: FigureChannel
  measure: FigureMeasure
}

/** Makes figures of one change of one conversation or chat. */
export function figureOf(channel: FigureChannel, at: number) {
  return (
    measure: FigureMeasure,
    of: Pick<Figure, 'skillId' | 'agentId' | 'bucket' | 'value'>,
  ): Figure => ({ channel, at, measure, ...of })
}
