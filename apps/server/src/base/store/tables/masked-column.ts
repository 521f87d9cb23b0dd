import type { ColumnType } from 'kysely'
import type { Masked } from '#base/kernel'

type MaskedOrNull<T> = T extends null ? T : Masked<T>
/** `unknown` includes `null`. */
type Written<T> = unknown extends T ? Masked<unknown> | null : MaskedOrNull<T>

/** A column into which only what has been masked can be written. */
export type MaskedColumn<T> = ColumnType<T, Written<T>, Written<T>>
