import * as z from 'zod'

const ABOUT_ABSENCE = new Set(['invalid_type', 'invalid_value', 'invalid_union'])

// For all schemas: the error of a field that is left out is `is missing`, not that `undefined` has a wrong type.
z.config({
  customError: ({ code, input }) =>
    input === undefined && ABOUT_ABSENCE.has(code) ? 'is missing' : undefined,
})
