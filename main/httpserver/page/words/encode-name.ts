/** A name as one segment of a path; half a surrogate pair, which no URL can carry, becomes U+FFFD. */
export const encodeName = (name: string): string => encodeURIComponent(name.replace(/\p{Cs}/gu, '\ufffd'))
