import { ChevronDown } from 'lucide-react'
import {
  Autocomplete,
  Button,
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  ListLayout,
  Popover,
  SearchField,
  Select,
  SelectValue,
  Text,
  useFilter,
  Virtualizer,
} from 'react-aria-components'
import { words } from '../words/index.ts'

/** A list that is longer can be searched, and draws only what is seen. */
const MANY = 30
const ROW = { rowHeight: 32 }

export interface Option {
  id: string
  name: string
  description?: string
}

interface Props {
  label: string
  options: readonly Option[]
  value: string
  onChange: (id: string) => void
  /** What is wrong with what is chosen. */
  problem?: string | undefined
}

/** One of several: a labelled drop-down list. */
export function Choice({ label, options, value, onChange, problem }: Props) {
  return (
    <Select
      className="field"
      selectedKey={value}
      {...(problem !== undefined && { isInvalid: true, validationBehavior: 'aria' as const })}
      onSelectionChange={(key) => onChange(String(key))}
    >
      <Label>{label}</Label>
      <Button className="button select">
        <SelectValue />
        <ChevronDown aria-hidden size={16} />
      </Button>
      <FieldError>{problem}</FieldError>
      <Popover className="popover">
        {options.length > MANY ? <LongList options={options} /> : <List options={options} />}
      </Popover>
    </Select>
  )
}

function LongList({ options }: { options: readonly Option[] }) {
  const { contains } = useFilter({ sensitivity: 'base' })
  const isPlain = options.every(({ description }) => description === undefined)
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
        <List options={options} isLong />
      </Virtualizer>
    </Autocomplete>
  )
}

function List({ options, isLong }: { options: readonly Option[]; isLong?: boolean }) {
  return (
    <ListBox
      className={isLong ? 'list-box long' : 'list-box'}
      items={options}
      renderEmptyState={() => <p className="empty">{words.common.nothingLike}</p>}
    >
      {({ id, name, description }) => (
        <ListBoxItem id={id} textValue={name}>
          <Text slot="label">{name}</Text>
          {description !== undefined && <Text slot="description">{description}</Text>}
        </ListBoxItem>
      )}
    </ListBox>
  )
}
