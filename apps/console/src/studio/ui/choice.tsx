import { ChevronDown } from 'lucide-react'
import {
  Button,
  FieldError,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select,
  SelectValue,
  Text,
} from 'react-aria-components'

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
        <ListBox className="list-box" items={options}>
          {({ id, name, description }) => (
            <ListBoxItem id={id} textValue={name}>
              <Text slot="label">{name}</Text>
              {description !== undefined && <Text slot="description">{description}</Text>}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  )
}
