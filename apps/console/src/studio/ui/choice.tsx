import { ChevronDown } from 'lucide-react'
import { Suspense } from 'react'
import { Button } from 'react-aria-components/Button'
import { FieldError } from 'react-aria-components/FieldError'
import { Label } from 'react-aria-components/Label'
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox'
import { Popover } from 'react-aria-components/Popover'
import { Select, SelectValue } from 'react-aria-components/Select'
import { Text } from 'react-aria-components/Text'
import { lazyPart } from '../api/lazy-part.ts'
import { words } from '../words/index.ts'
import { useProblem } from './form.tsx'

/** A list that is longer can be searched, and draws only what is seen. */
const MANY = 30

/** Few lists are that long: what draws them comes with the first of them. */
const SearchedList = lazyPart(() => import('./searched-list.tsx'), 'SearchedList')

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
  hint?: string
  isDisabled?: boolean
  /** Which member of the form's body it is: what is wrong with that is said here. */
  member?: string
  /** What is wrong with what is chosen. */
  problem?: string | undefined
}

/** One of several: a labelled drop-down list. */
export function Choice({ label, options, value, onChange, member, hint, ...props }: Props) {
  const found = useProblem(member)
  const { problem = found, isDisabled = false } = props
  return (
    <Select
      className="field"
      selectedKey={value}
      isDisabled={isDisabled}
      {...(problem !== undefined && { isInvalid: true, validationBehavior: 'aria' as const })}
      onSelectionChange={(key) => onChange(String(key))}
    >
      <Label>{label}</Label>
      <Button className="button select">
        <SelectValue />
        <ChevronDown aria-hidden size={16} />
      </Button>
      {hint !== undefined && <Text slot="description">{hint}</Text>}
      <FieldError>{problem}</FieldError>
      <Popover className="popover">
        {options.length > MANY ? <LongList options={options} /> : <List options={options} />}
      </Popover>
    </Select>
  )
}

function LongList({ options }: { options: readonly Option[] }) {
  return (
    <Suspense fallback={<List options={options} />}>
      <SearchedList isPlain={options.every(({ description }) => description === undefined)}>
        <List options={options} isLong />
      </SearchedList>
    </Suspense>
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
