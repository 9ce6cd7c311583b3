"""What is done and said without anybody having asked: reminders, recounted dates, erasure."""
