brand = Handbill
