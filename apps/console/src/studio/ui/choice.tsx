import { ChevronDown } from 'lucide-react'
import {
  Button,
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
}

/** One of several: a labelled drop-down list. */
export function Choice({ label, options, value, onChange }: Props) {
  return (
    <Select
      className="field"
      selectedKey={value}
      onSelectionChange={(key) => onChange(String(key))}
    >
      <Label>{label}</Label>
      <Button className="button select">
        <SelectValue />
        <ChevronDown aria-hidden size={16} />
      </Button>
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
