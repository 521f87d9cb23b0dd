declare const masked: unique symbol

/**
 * Text or JSON in which the secrets that functions have read are hidden. Only `SecretMask` of `base/kit` makes it. Columns of this type
 * take nothing else, so what a function has said cannot be stored as it came.
 */
export type Masked<T> = T & { readonly [masked]: true }
