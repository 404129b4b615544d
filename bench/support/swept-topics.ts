/** Topics whose end offsets are known, in the simulator's process and in the one that checks. */
export const sweptTopic = (topic: number): string => `sweep-${String(topic).padStart(5, '0')}`
export const sweptEndOffset = (base: number, topic: number, partition: number): number => base + topic * 64 + partition

/** A clock that is the same in all processes of a machine, ms. */
export const machineMs = (): number => Number(process.hrtime.bigint() / 1000n) / 1000
