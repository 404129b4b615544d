/** Styles are a file of their own in the end (build.mjs). */
declare module '*.css'
