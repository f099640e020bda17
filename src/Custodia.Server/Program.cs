Console.WriteLine("custodia");
