/**
 * The original takes flags as Go does: `-config-dir DIR`, one dash or two, with or without `=`. Gives long names their second
 * dash, so that start scripts and unit files of the original keep working. Stops at `--`, as everybody does.
 */
export function withTwoDashes(args: readonly string[]): string[] {
  const end = args.includes('--') ? args.indexOf('--') : args.length
  return args.map((arg, index) => (index < end && /^-[A-Za-z][\w-]/.test(arg) ? `-${arg}` : arg))
}
