/** Single texts to be kept between runs; each can be lost without harm. */
export interface CheckpointsPort {
  read(name: 'evaluated-by'): Promise<string | undefined>
  write(name: 'evaluated-by', text: string): Promise<void>
}
