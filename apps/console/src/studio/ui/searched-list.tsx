import type { ReactNode } from 'react'
import { Autocomplete, useFilter } from 'react-aria-components/Autocomplete'
import { Input } from 'react-aria-components/Input'
import { SearchField } from 'react-aria-components/SearchField'
import { ListLayout, Virtualizer } from 'react-aria-components/Virtualizer'
import { words } from '../words/index.ts'

const ROW = { rowHeight: 32 }

interface Props {
  /** Whether each row is one line. */
  isPlain: boolean
  /** The list. */
  children: ReactNode
}

/** A long list with a field that searches it; only what is seen is drawn. */
export function SearchedList({ isPlain, children }: Props) {
  const { contains } = useFilter({ sensitivity: 'base' })
  return (
    <Autocomplete filter={contains}>
      <SearchField className="field list-search" aria-label={words.common.search} autoFocus>
        <Input role="combobox" aria-expanded placeholder={words.common.search} />
      </SearchField>
      {/* Rows of two lines are measured, the others are known. */}
      <Virtualizer
        layout={ListLayout}
        layoutOptions={isPlain ? ROW : { estimatedRowHeight: ROW.rowHeight }}
      >
        {children}
      </Virtualizer>
    </Autocomplete>
  )
}
