import { type ComponentProps, useState } from 'react'
import { Field } from '../ui/field.tsx'

type Props = Omit<ComponentProps<typeof Field>, 'suggestions'>

/** A time zone by a part of its name. */
export function TimeZoneField(props: Props) {
  const [zones] = useState(() => ['UTC', ...Intl.supportedValuesOf('timeZone')])
  return <Field {...props} suggestions={zones} maxLength={100} autoComplete="off" isRequired />
}
